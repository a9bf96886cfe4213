"""What people type into free fields: the rules of the kernel, under the names this room uses."""

from yiti.kernel.free_text import LONGEST_NAME, normal_name, normal_text

__all__ = ["LONGEST_NAME", "normal_name", "normal_text"]
