"""Administration offers nothing to other rooms."""

__all__: list[str] = []
