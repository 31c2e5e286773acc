"""The public record in the form of the 360Giving Data Standard."""
