"""Benchmarks: ``make bench`` measures speed side by side and writes docs/benchmarks.md."""
