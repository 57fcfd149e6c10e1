# `dispatcher deploy init` gives these to the environments of the GitHub repository.

output "repository" {
  description = "The repository whose workflows may assume the roles."
  value       = var.repository
}

output "region" {
  description = "Region of the bucket and of the image repositories."
  value       = local.region
}

output "state_bucket" {
  description = "Name of the bucket for Terraform's state and plans."
  value       = aws_s3_bucket.state.bucket
}

output "image_registry" {
  description = "Registry of the images; null in an account without one."
  value       = var.has_registry ? split("/", module.registry[0].repository_urls["ingress"])[0] : null
}

output "roles" {
  description = "ARN of each role, by the environment of the GitHub repository that may assume it."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}

output "permissions_boundaries" {
  description = "ARN of the permissions boundary of the functions, by environment."
  value       = { for name, policy in aws_iam_policy.boundary : name => policy.arn }
}
