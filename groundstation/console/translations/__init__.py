"""The ``.ts`` files of Qt Linguist, one for each language, and the tool that keeps them complete."""
