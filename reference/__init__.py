"""Practical Aspects of Deep Learning"""

__all__ = ["initialization", "regularization", "dropout", "gradient_checking"]  # noqa: RUF022 - in teaching order
