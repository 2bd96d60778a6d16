"""The class on one page: how it did, which checks look wrong, who gives the same wrong answers.

gather      keeps a few numbers of each report, one report at a time
statistics  from these to failure rates, discrimination and checks that look wrong
behaviour   what a submission answers wrongly, and when two answer the same
groups      submissions that give the same wrong answers
page        class.html
comments    what people wrote, brought to the reports of all whom it concerns
whole       all of it for a folder and its gradebook
"""
