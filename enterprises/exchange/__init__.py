"""The register as workbooks: out as filtered, in as new, changed and moved entries."""
