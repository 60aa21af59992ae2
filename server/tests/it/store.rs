//! Every engine satisfies the contract of the table, also when the disk or DynamoDB fails.

mod capacity_units;
mod conformance;
mod damage;
mod disk;
mod disk_faults;
mod disk_full;
mod dynamodb;
mod dynamodb_local;
mod dynamodb_transactions;
mod embedded;
mod health;
mod two_processes;
mod versions;
