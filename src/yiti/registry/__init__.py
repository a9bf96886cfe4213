"""Who, where, and in which words: terminology, facilities, staff, residents."""
