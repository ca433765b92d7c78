//! A real browser, headless, driven over its debugging pipe: what a page logs and loads, what a click does, how it looks.
//!
//! The protocol is JSON with a zero byte behind each message, on two descriptors that the shell opens from named pipes.
//! Source: <https://chromedevtools.github.io/devtools-protocol/>

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// No answer takes this long; a browser that gives none hangs.
const DEADLINE: Duration = Duration::from_secs(60);

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    commands: File,
    messages: Receiver<Value>,
    session: String,
    sent: u64,
    /// What the browser said unasked.
    events: Vec<Value>,
    _folder: tempfile::TempDir,
}

/// The first browser on the path.
fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|program| program.is_file()))
}

impl Browser {
    /// None, and a word about it on standard error, where no browser is installed. With `ASANA_WORKSPACE_TEST_BROWSER`
    /// set, as in CI, that is a failure.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = installed() else {
            assert!(std::env::var_os("ASANA_WORKSPACE_TEST_BROWSER").is_none(), "no browser: install chromium");
            eprintln!("SKIPPED: no Chromium is installed, so what needs a real browser is not tested");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let pipes = ["commands", "answers"].map(|name| folder.path().join(name));
        assert!(Command::new("mkfifo").args(&pipes).status().unwrap().success());
        let script = "exec \"$0\" --headless --no-sandbox --disable-gpu --remote-debugging-pipe --user-data-dir=\"$3\" \
                      --no-first-run --hide-scrollbars 3<\"$1\" 4>\"$2\"";
        let child = Command::new("sh")
            .args(["-c", script])
            .args([&program, &pipes[0], &pipes[1], &folder.path().join("profile")])
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Opened in the order of the shell, because each waits for the other side.
        let commands = OpenOptions::new().write(true).open(&pipes[0]).unwrap();
        let answers = File::open(&pipes[1]).unwrap();
        let (send, messages) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(answers).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { return };
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser =
            Self { child, commands, messages, session: String::new(), sent: 0, events: Vec::new(), _folder: folder };
        browser.begin();
        Some(browser)
    }

    fn begin(&mut self) {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attached = self.call("Target.attachToTarget", &json!({"targetId": target["targetId"], "flatten": true}));
        attached["sessionId"].as_str().unwrap().clone_into(&mut self.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
    }

    /// Sends a command and waits for its answer.
    pub(crate) fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.commands.write_all(message.to_string().as_bytes()).unwrap();
        self.commands.write_all(&[0]).unwrap();
        loop {
            let mut message = self.messages.recv_timeout(DEADLINE).unwrap_or_else(|_| panic!("no answer to {method}"));
            if message["id"] == self.sent {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].take();
            }
            self.events.push(message);
        }
    }

    /// Opens a file and waits until it is loaded.
    pub(crate) fn open(&mut self, file: &Path) {
        self.events.clear();
        self.call("Page.navigate", &json!({"url": format!("file://{}", file.display())}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.messages.recv_timeout(DEADLINE).expect("the page is not loaded");
            self.events.push(event);
        }
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut result = self.call("Runtime.evaluate", &parameters);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].take()
    }

    /// Everything that the page asked for since it was opened.
    pub(crate) fn requests(&self) -> Vec<String> {
        let sent = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned()).collect()
    }

    /// What went wrong in the page since it was opened: exceptions, refusals of its policy, whatever it logged.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let told = ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"];
        let complaints = self.events.iter().filter(|event| told.iter().any(|method| event["method"] == *method));
        complaints.map(ToString::to_string).collect()
    }

    /// A picture of the page, as wide as that, kept below the folder of test files for whoever wants to look at it.
    pub(crate) fn picture(&mut self, name: &str, width: u32, media: &[(&str, &str)], kind: &str) -> PathBuf {
        let features: Vec<Value> = media.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.call("Emulation.setEmulatedMedia", &json!({"media": kind, "features": features}));
        let mobile = width < 500;
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": mobile});
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
        let shot = self.call("Page.captureScreenshot", &json!({"format": "png", "captureBeyondViewport": false}));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        fs::write(&path, base64(shot["data"].as_str().unwrap())).unwrap();
        path
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The bytes of base64 without line breaks.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'=').map(value).collect();
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.chunks(4) {
        let bits = four.iter().fold(0_u32, |bits, digit| bits << 6 | u32::from(*digit)) << (6 * (4 - four.len()));
        bytes.extend(bits.to_be_bytes().iter().skip(1).take(four.len() - 1));
    }
    bytes
}
