use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_limiters_are_told_apart_as_far_as_the_signs_allow() {
    let check = |used: Option<f64>, in_flight, retry_after: Option<u64>, expected| {
        let retry_after = retry_after.map(Duration::from_secs);
        let signs = Signs { used, searches_used: None, in_flight, retry_after, before: None };
        assert_eq!(diagnose(&signs), expected, "{signs:?}");
    };
    // The minute's quota is used up: whatever else there is to see.
    check(Some(0.97), 3, Some(40), Limiter::Standard);
    check(Some(0.8), 40, Some(2), Limiter::Standard);
    check(Some(1.2), 40, None, Limiter::Standard);
    // It is not.
    check(Some(0.5), 40, Some(5), Limiter::Concurrency);
    check(Some(0.5), 20, Some(10), Limiter::Concurrency);
    check(Some(0.5), 40, Some(11), Limiter::Cost);
    check(Some(0.5), 19, Some(5), Limiter::Cost);
    check(Some(0.0), 1, Some(60), Limiter::Cost);
    check(Some(0.5), 3, None, Limiter::Cost);
    check(Some(0.5), 40, None, Limiter::Standard);
    // Who used it up before this run began is not known.
    check(None, 40, Some(5), Limiter::Concurrency);
    check(None, 40, Some(50), Limiter::Standard);
    check(None, 1, Some(5), Limiter::Standard);
    check(None, 1, None, Limiter::Standard);
    // Searches have a minute of their own.
    let few = Signs { used: Some(0.3), searches_used: None, in_flight: 2, retry_after: Some(SECOND), before: None };
    assert_eq!(diagnose(&Signs { searches_used: Some(0.9), ..few }), Limiter::Search);
    assert_eq!(diagnose(&Signs { searches_used: Some(0.5), ..few }), Limiter::Cost);
    // Fewer are in flight than a moment ago, when it was their number.
    assert_eq!(diagnose(&Signs { before: Some(Limiter::Concurrency), ..few }), Limiter::Concurrency);
    assert_eq!(diagnose(&Signs { before: Some(Limiter::Cost), ..few }), Limiter::Cost);
    let long = Some(SECOND * 40);
    assert_eq!(diagnose(&Signs { before: Some(Limiter::Concurrency), retry_after: long, ..few }), Limiter::Cost);
}

/// A server that lets through what a limiter allows, and requests that keep to a pace, on a made-up clock.
struct Scene {
    pace: Pace,
    began: Instant,
    now: Instant,
    in_flight: usize,
}

impl Scene {
    /// A run of more than a minute's age, of which `used` of the quota was sent in the last minute.
    fn new(used: f64, in_flight: usize) -> Self {
        let began = Instant::now();
        let mut pace = Pace::new(Quota::PAID, began);
        let now = began + Duration::from_secs(100);
        for number in 0..1500_u32 {
            if f64::from(number) < 1500.0 * used {
                pace.requests.sent(now - Duration::from_secs(50) + Duration::from_millis(u64::from(number) * 30));
            }
        }
        Self { pace, began: now, now, in_flight }
    }

    /// A request sent now is rejected; everyone waits as long as it takes.
    fn rejected(&mut self, retry_after: Option<u64>) -> Limiter {
        let retry_after = retry_after.map(Duration::from_secs);
        let sent_at = self.now;
        self.now += Duration::from_millis(300);
        let wait = crate::retry::wait_after(retry_after);
        let Rejected { limiter, is_news } =
            self.pace.rejected(self.now, sent_at, false, self.in_flight, (retry_after, wait));
        assert!(is_news);
        let resumes = self.pace.reserve(self.now);
        assert!(resumes >= self.now + wait, "nobody sends while a Retry-After runs");
        self.now = resumes;
        limiter
    }

    fn pace_now(&self) -> f64 {
        self.pace.requests.part.at(self.now)
    }
}

#[test]
fn the_standard_limiter_slows_down_and_is_forgotten_within_two_minutes() {
    for retry_after in [Some(5), Some(60), None] {
        let mut scene = Scene::new(0.97, 40);
        assert_eq!(scene.rejected(retry_after), Limiter::Standard);
        assert!((scene.pace_now() - 0.7).abs() < 0.01, "{}", scene.pace_now());
        assert_eq!(scene.pace.in_flight(40, scene.now), 40, "only the pace is cut");
        assert_eq!(scene.pace.page_size(100, scene.now), 100);
        scene.now = scene.began + Duration::from_secs(120);
        assert!(scene.pace_now() >= 0.9, "{retry_after:?}: {}", scene.pace_now());
    }
}

#[test]
fn after_a_long_storm_and_after_another_it_is_back_within_two_minutes() {
    let mut scene = Scene::new(0.97, 40);
    for storm in 0..2 {
        for _ in 0..20 {
            scene.rejected(Some(1));
        }
        scene.rejected(None);
        let least = scene.pace_now();
        assert!((0.2..0.3).contains(&least), "slower, and not next to nothing: {least}");
        // The storm ended with the last rejection; a minute of the two is the wait that it led to.
        scene.now += Duration::from_secs(60);
        assert!(scene.pace_now() >= 0.9, "storm {storm}: {}", scene.pace_now());
        scene.now += Duration::from_secs(60);
        assert!((scene.pace_now() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn one_event_is_one_cut_however_many_were_on_their_way() {
    let mut scene = Scene::new(0.97, 40);
    let sent_at = scene.now;
    let mut news = 0;
    for number in 0..40_u32 {
        let now = sent_at + SECOND.mul_f64(0.3 + f64::from(number) * 0.1);
        let wait = (Some(SECOND * 2), SECOND * 2);
        news += u32::from(scene.pace.rejected(now, sent_at, false, 40, wait).is_news);
    }
    assert_eq!(news, 1);
    let resumes = scene.pace.paused_until;
    assert_eq!(resumes, sent_at + SECOND.mul_f64(0.3 + 3.9) + SECOND * 2, "each one's wait is obeyed");
    assert!((scene.pace.requests.part.at(sent_at + SECOND * 2) - 0.7).abs() < 1e-9);
}

#[test]
fn the_concurrency_limiter_means_fewer_in_flight_for_a_while() {
    let mut scene = Scene::new(0.5, 40);
    assert_eq!(scene.rejected(Some(5)), Limiter::Concurrency);
    assert_eq!(scene.pace.in_flight(40, scene.now), 20);
    assert!((scene.pace_now() - 1.0).abs() < 1e-9, "no slower");
    let later = scene.now + Duration::from_secs(20);
    assert_eq!(scene.pace.in_flight(40, later), 30, "they come back one by one");
    assert_eq!(scene.pace.in_flight(40, scene.now + Duration::from_secs(40)), 40);
    // Again at once: the cure was not enough, or it was another limiter.
    assert_eq!(scene.rejected(Some(5)), Limiter::Concurrency);
    assert_eq!(scene.pace.in_flight(40, scene.now), 10);
    assert!(scene.pace_now() < 0.75);
    for _ in 0..20 {
        scene.rejected(Some(5));
    }
    assert_eq!(scene.pace.in_flight(40, scene.now), 1, "one may always be in flight");
    scene.now += Duration::from_secs(80);
    assert!(scene.pace.in_flight(40, scene.now) >= 36 && scene.pace_now() >= 0.9);
}

#[test]
fn the_cost_limiter_means_smaller_pages_for_a_while() {
    let mut scene = Scene::new(0.4, 5);
    assert_eq!(scene.rejected(Some(30)), Limiter::Cost);
    assert_eq!(scene.pace.page_size(100, scene.now), 50);
    assert_eq!(scene.pace.in_flight(40, scene.now), 40);
    assert!((scene.pace_now() - 1.0).abs() < 1e-9, "no slower");
    assert_eq!(scene.rejected(Some(30)), Limiter::Cost);
    assert_eq!(scene.pace.page_size(100, scene.now), 25);
    assert!(scene.pace_now() < 0.75, "a second time within a minute: slower too");
    assert_eq!(scene.rejected(None), Limiter::Cost);
    assert_eq!(scene.pace.page_size(100, scene.now), 25, "no smaller than that");
    for (seconds, expected) in [(30, 25), (40, 50), (110, 50), (120, 100)] {
        assert_eq!(scene.pace.page_size(100, scene.now + Duration::from_secs(seconds)), expected, "{seconds} s");
    }
    scene.now += Duration::from_secs(120);
    assert!((scene.pace_now() - 1.0).abs() < 1e-9);
}

#[test]
fn searches_that_are_rejected_slow_down_searches_alone() {
    let mut scene = Scene::new(0.4, 5);
    for _ in 0..55 {
        scene.pace.searches.sent(scene.now);
    }
    let wait = (Some(SECOND * 20), SECOND * 20);
    let rejected = scene.pace.rejected(scene.now + SECOND, scene.now + SECOND, true, 5, wait);
    assert_eq!(rejected.limiter, Limiter::Search);
    assert!((scene.pace_now() - 1.0).abs() < 1e-9);
    assert!(scene.pace.searches.part.at(scene.now) < 0.75);
}
