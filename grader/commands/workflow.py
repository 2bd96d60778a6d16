"""`grader workflow`: ready files for the CI of a course, of its students and of a classroom."""

import click

NAMES = {
    "github-course": "github-course.yml",
    "github-student": "github-student.yml",
    "github-class": "github-class.yml",
    "gitlab": "gitlab.yml",
    "classroom": "classroom.md",
}


@click.command()
@click.argument("name", type=click.Choice(list(NAMES)))
def workflow(name: str) -> None:
    """Print a file for CI.

    Its first lines say where it belongs and what to set.

    \b
    github-course    GitHub: prove the exam when the course changes
    github-student   GitHub: grade on push, with the hidden checks of the private course
    github-class     GitHub: grade the whole class, from the repository of the course
    gitlab           GitLab: both of the first two
    classroom        how to use this with GitHub Classroom

    \b
    grader workflow github-course > .github/workflows/verify.yml
    """
    from grader.report.html import template_folder

    click.echo((template_folder() / "ci" / NAMES[name]).read_text("utf-8"), nl=False)
