//! Decides whether a standard image may be put on a device, and keeps the evidence.

pub mod access;
pub mod app;
pub mod audit;
pub mod catalogue;
pub mod cli;
pub mod completion;
pub mod config;
pub mod domain;
pub mod door;
pub mod history;
pub mod report;
pub mod rpc;
pub mod rules;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod tls;
pub mod verdict;
pub mod web;
pub mod wire;
