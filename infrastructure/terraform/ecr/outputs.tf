output "repository_urls" {
  description = "Where each function's image is pushed to."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}
