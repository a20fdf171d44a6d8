"""Views of the API. Thin: a scoped read, the page's form, an action, a declared answer."""
