"""The papers that go with a run: drafts whose every statement is read off its results folder."""
