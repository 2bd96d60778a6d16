"""The examiner: runs hidden checks in a trusted process against functions in a sandbox."""
