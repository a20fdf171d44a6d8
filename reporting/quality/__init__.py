"""数据质量: what looks wrong in what was counted, found by statements over the filled values, asked about and settled."""
