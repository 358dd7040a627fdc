"""Storage of documents and images in a bucket (S3), and what is the same for a folder."""
