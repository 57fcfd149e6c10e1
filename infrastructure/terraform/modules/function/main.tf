resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "this" {
  name                 = var.name
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "function-permissions"
  role   = aws_iam_role.this.name
  policy = local.policy
}

locals {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
      }],
      [for sid, grant in var.grants : merge(
        {
          Sid      = sid
          Effect   = "Allow"
          Action   = grant.actions
          Resource = grant.resources
        },
        length(grant.conditions) == 0 ? {} : { Condition = grant.conditions },
      )],
    )
  })
}

resource "aws_lambda_function" "this" {
  function_name                  = var.name
  description                    = var.description
  role                           = aws_iam_role.this.arn
  package_type                   = "Image"
  image_uri                      = var.image
  architectures                  = ["arm64"]
  memory_size                    = var.memory
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  publish                        = true

  environment {
    variables = var.environment
  }

  # The functions write JSON and embedded metrics themselves. With the format JSON, Lambda would wrap each line again.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  # The correlation ID in every log line already traces a delivery, so X-Ray is not used.
  tracing_config {
    mode = "PassThrough"
  }

  # Without this dependency a function could start before its role has permissions and fail its first messages.
  depends_on = [aws_iam_role_policy.this]
}

# Everything invokes the function through this alias. Terraform creates it; scripts/deploy/shift.sh then moves it from
# version to version, first for a tenth of the invocations, and moves it back if an alarm is raised.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that receives the invocations."
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each                           = var.event_sources
  function_name                      = aws_lambda_alias.live.arn
  event_source_arn                   = each.value.queue_arn
  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.batching_window
  function_response_types            = each.value.report_batch_item_failures ? ["ReportBatchItemFailures"] : []

  scaling_config {
    maximum_concurrency = each.value.maximum_concurrency
  }
}
