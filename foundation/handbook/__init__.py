"""The user handbook: chapters written in Markdown under ``docs/handbook``, served by the portal and opened by its pages."""
