mock_provider "aws" {
  source = "./mocks"
}

variables {
  permissions_boundary = null
  reserved_concurrency = -1
  event_sources        = {}
  name                 = "f"
  description          = "What it does."
  image                = "registry.invalid/f@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  memory               = 512
  timeout              = 30
  log_retention_days   = 14
  environment          = { LOG_LEVEL = "info" }
  grants = {
    ReadQueue    = { actions = ["sqs:ReceiveMessage"], resources = ["arn:aws:sqs:::q"] }
    PublishFacts = { actions = ["events:PutEvents"], resources = ["arn:aws:events:::b"], conditions = { StringEquals = { "events:detail-type" = ["a", "b"] } } }
  }
}

run "function_that_reads_a_queue" {
  command = apply

  module {
    source = "../modules/function"
  }

  variables {
    permissions_boundary = "arn:aws:iam:::policy/boundary"
    reserved_concurrency = 50
    event_sources = { q = {
      queue_arn                  = "arn:aws:sqs:::q"
      batch_size                 = 45
      batching_window            = 2
      maximum_concurrency        = 3
      report_batch_item_failures = true
    } }
  }

  assert {
    condition     = aws_lambda_function.this.package_type == "Image" && aws_lambda_function.this.image_uri == var.image
    error_message = "The function must run the given image, by digest."
  }

  assert {
    condition     = aws_iam_role.this.permissions_boundary == "arn:aws:iam:::policy/boundary"
    error_message = "The role must have the permissions boundary."
  }

  assert {
    condition = (aws_lambda_function.this.publish == true && aws_lambda_alias.live.name == "live" &&
      aws_lambda_alias.live.function_name == "f" && length(aws_lambda_alias.live.description) > 0 &&
    aws_lambda_alias.live.function_version == aws_lambda_function.this.version)
    error_message = "Every change must publish a version, and the alias must name the first one."
  }

  assert {
    condition     = output.alias == { name = "live", arn = "arn:aws:lambda:::function:mock:live", invoke_arn = "arn:aws:apigateway:::lambda/mock" }
    error_message = "The function must be invoked through its alias."
  }

  assert {
    condition     = aws_lambda_function.this.architectures == tolist(["arm64"])
    error_message = "The function must run on arm64."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 50
    error_message = "The function must have its reserved concurrency."
  }

  assert {
    condition     = aws_lambda_function.this.memory_size == 512 && aws_lambda_function.this.timeout == 30
    error_message = "The function must have the given memory and timeout."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables == tomap({ LOG_LEVEL = "info" })
    error_message = "The function must get exactly the given environment variables."
  }

  assert {
    condition     = aws_lambda_function.this.function_name == "f" && aws_lambda_function.this.description == "What it does."
    error_message = "The function must have its name and description."
  }

  assert {
    condition = (aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/f" &&
      aws_lambda_function.this.logging_config[0].log_format == "Text" &&
      aws_cloudwatch_log_group.this.name == "/aws/lambda/f" &&
    aws_cloudwatch_log_group.this.retention_in_days == 14)
    error_message = "The function must write to its own log group, which has a retention."
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "PassThrough"
    error_message = "The function must not start X-Ray traces."
  }

  assert {
    condition = (aws_lambda_function.this.role == "arn:aws:iam:::role/mock" && aws_iam_role.this.name == "f" &&
    aws_iam_role_policy.this.role == "f" && aws_iam_role_policy.this.name == "function-permissions")
    error_message = "The function must have its own role."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == {
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
    }
    error_message = "Only Lambda may assume the role."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy) == {
      Version = "2012-10-17"
      Statement = [
        {
          Sid      = "WriteLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:::log-group:mock:*"]
        },
        {
          Sid       = "PublishFacts"
          Effect    = "Allow"
          Action    = ["events:PutEvents"]
          Resource  = ["arn:aws:events:::b"]
          Condition = { StringEquals = { "events:detail-type" = ["a", "b"] } }
        },
        {
          Sid      = "ReadQueue"
          Effect   = "Allow"
          Action   = ["sqs:ReceiveMessage"]
          Resource = ["arn:aws:sqs:::q"]
        },
      ]
    }
    error_message = "The role must have the grants and the permission to write its log, and nothing else."
  }

  assert {
    condition = (aws_lambda_event_source_mapping.this["q"].event_source_arn == "arn:aws:sqs:::q" &&
      aws_lambda_event_source_mapping.this["q"].function_name == "arn:aws:lambda:::function:mock:live" &&
      aws_lambda_event_source_mapping.this["q"].batch_size == 45 &&
    aws_lambda_event_source_mapping.this["q"].maximum_batching_window_in_seconds == 2)
    error_message = "The event source mapping must read the queue with the given batch size and window."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.this["q"].scaling_config[0].maximum_concurrency == 3
    error_message = "The event source mapping must have the given maximum concurrency."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.this["q"].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "The event source mapping must report batch item failures."
  }
}

run "function_that_reads_no_queue" {
  command = plan

  module {
    source = "../modules/function"
  }

  assert {
    condition     = length(aws_lambda_event_source_mapping.this) == 0
    error_message = "The function must have no event source mapping."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "The function must reserve no concurrency by -1."
  }
}

run "image_by_tag_is_rejected" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    image = "registry.invalid/f:latest"
  }

  expect_failures = [var.image]
}

run "memory_below_the_minimum_is_rejected" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    memory = 64
  }

  expect_failures = [var.memory]
}

run "action_with_a_wildcard_is_rejected" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    grants = { All = { actions = ["sqs:*"], resources = ["arn:aws:sqs:::q"] } }
  }

  expect_failures = [var.grants]
}

run "statement_for_all_resources_is_rejected" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    grants = { All = { actions = ["sqs:SendMessage"], resources = ["*"] } }
  }

  expect_failures = [var.grants]
}

run "mapping_without_batch_item_failures_is_rejected" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    event_sources = { q = {
      queue_arn                  = "arn:aws:sqs:::q"
      batch_size                 = 10
      batching_window            = 0
      maximum_concurrency        = 2
      report_batch_item_failures = false
    } }
  }

  expect_failures = [var.event_sources]
}
