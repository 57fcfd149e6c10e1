output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "invoke_arn" {
  description = "ARN with which API Gateway invokes the function."
  value       = aws_lambda_function.this.invoke_arn
}

output "log_group" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "image" {
  description = "Deployed image, by digest."
  value       = aws_lambda_function.this.image_uri
}
