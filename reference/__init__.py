"""Practical Aspects of Deep Learning"""

__all__ = [  # noqa: RUF022 - in teaching order
    "train_dev_test_sets",
    "bias_and_variance",
    "logistic_regression",
    "regularization",
    "near_linearity",
    "dropout",
    "data_augmentation",
    "early_stopping",
    "normalizing_inputs",
    "vanishing_gradients",
    "initialization",
    "activation_scale",
    "numerical_gradients",
    "gradient_checking",
    "parameter_vectors",
]
