"""The ground floor: what any portal needs and no rule of the reform touches.

Layered inside as well: crud > jobs > access > audit > accounts > places > calendar | ui.
"""
