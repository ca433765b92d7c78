//! Files that a run keeps beside the archive: what can become of one.

/// What became of a file, as the archive says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileOutcome {
    /// It is there, whole.
    Stored,
    /// It could not be had.
    Failed,
    /// It is larger than the user wants.
    TooLarge,
}

impl FileOutcome {
    const ALL: [Self; 3] = [Self::Stored, Self::Failed, Self::TooLarge];

    pub fn label(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Failed => "failed",
            Self::TooLarge => "too_large",
        }
    }

    pub fn parse(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.label() == label)
    }
}
