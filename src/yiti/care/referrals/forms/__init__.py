"""The shape of what people write into the pages of this room."""
