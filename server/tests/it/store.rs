//! Both engines keep the table's promises, and keep them when what is below them fails.

mod conforms;
mod damage;
mod disk;
mod disk_faults;
mod disk_full;
mod dynamodb;
mod embedded;
mod second_opinion;
mod shared;
mod units;
mod versions;
