"""Everything written out, no function uses another."""


def error_rate(predictions, Y):
    wrong = 0
    m = Y.shape[1]
    for i in range(m):
        if predictions[0, i] != Y[0, i]:
            wrong += 1
    return wrong / m


def bias_and_variance(train_error, dev_error, optimal_error=0):
    bias = train_error - optimal_error
    variance = dev_error - optimal_error - bias
    return [bias, variance]


def diagnose(train_error, dev_error, optimal_error=0, tolerance=0.02):
    found = []
    if train_error > optimal_error + tolerance:
        found.append("high bias")
    if dev_error > train_error + tolerance:
        found.append("high variance")
    return " and ".join(found) if found else "neither"


def next_steps(diagnosis):
    if "bias" in diagnosis:
        return ["bigger network", "train longer", "another architecture"]
    if "variance" in diagnosis:
        return ["more data", "regularization", "another architecture"]
    return []


def follow_recipe(measure, optimal_error, tolerance, rounds):
    steps = []
    for _ in range(rounds):
        size = 2 ** steps.count("bigger network")
        data = 2 ** steps.count("more data")
        train_error, dev_error = measure(size, data)
        if train_error - optimal_error > tolerance:
            steps.append("bigger network")
        elif dev_error - train_error > tolerance:
            steps.append("more data")
    return steps
