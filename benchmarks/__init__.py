"""Measurements, each beside a comparator that does the same work in the same run. `python -m benchmarks`
runs them.

A speed counts only when its correctness check has passed. Results stand in `benchmarks/results` as JSON, and
`docs/performance.md` is made from them. Nothing here is needed to run or to test Yiti.
"""
