//! Changes that a command made through this process.

use gazette_table::Write;

use crate::desk::cache::NewsChange;
use crate::desk::operator_desk::OperatorDesk;
use crate::layout::PARTITIONS;

impl OperatorDesk {
    /// Takes over a batch that a desk of another process wrote to the table through this one: what
    /// readers see, the list of the newsroom and the search follow at once.
    ///
    /// [`OperatorDesk::sync_with_log`] would find most changes a second later, but not stories that
    /// an import brought without records of today.
    pub fn take_over(&self, changes: &[Write]) {
        let is_of_news =
            |change: &Write| PARTITIONS.iter().any(|partition| partition.covers(change.key()));
        if !changes.iter().any(is_of_news) {
            return;
        }
        let newsroom = self.newsroom();
        newsroom.index.record(changes, None);
        newsroom.unlogged.record(changes);
        newsroom.cache.record(NewsChange::ANY);
    }
}
