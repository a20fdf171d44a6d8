"""How far the pilots reach: by tier and place, ownership, industry."""
