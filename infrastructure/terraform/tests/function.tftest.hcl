mock_provider "aws" {
  source = "./mocks"
}

variables {
  reserved_concurrency = -1
  event_source         = null
  name                 = "f"
  description          = "What it does."
  image                = "registry.invalid/f@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  memory               = 512
  timeout              = 30
  log_retention_days   = 14
  environment          = { LOG_LEVEL = "info" }
  grants               = { ReadItsQueue = { actions = ["sqs:ReceiveMessage"], resources = ["arn:aws:sqs:::q"] } }
}

run "a_function_behind_a_queue" {
  command = apply

  module {
    source = "../modules/function"
  }

  variables {
    reserved_concurrency = 50
    event_source = {
      queue_arn                  = "arn:aws:sqs:::q"
      batch_size                 = 45
      batching_window            = 2
      maximum_concurrency        = 3
      report_batch_item_failures = true
    }
  }

  assert {
    condition     = aws_lambda_function.this.package_type == "Image" && aws_lambda_function.this.image_uri == var.image
    error_message = "The function runs the image that was asked for, by digest."
  }

  assert {
    condition     = aws_lambda_function.this.architectures == tolist(["arm64"])
    error_message = "It runs on arm64."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 50
    error_message = "Its concurrency is limited."
  }

  assert {
    condition     = aws_lambda_function.this.memory_size == 512 && aws_lambda_function.this.timeout == 30
    error_message = "Memory and time-out are the ones that were asked for."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables == tomap({ LOG_LEVEL = "info" })
    error_message = "It gets its environment, and nothing else."
  }

  assert {
    condition     = aws_lambda_function.this.function_name == "f" && aws_lambda_function.this.description == "What it does."
    error_message = "It has its name and says what it does."
  }

  assert {
    condition = (aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/f" &&
      aws_lambda_function.this.logging_config[0].log_format == "Text" &&
      aws_cloudwatch_log_group.this.name == "/aws/lambda/f" &&
    aws_cloudwatch_log_group.this.retention_in_days == 14)
    error_message = "It writes to its own log group, which forgets."
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "PassThrough"
    error_message = "It is not traced."
  }

  assert {
    condition = (aws_lambda_function.this.role == "arn:aws:iam:::role/mock" && aws_iam_role.this.name == "f" &&
    aws_iam_role_policy.this.role == "f" && aws_iam_role_policy.this.name == "what-the-function-does")
    error_message = "It has a role of its own."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == {
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
    }
    error_message = "Lambda, and nobody else, takes the role."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy) == {
      Version = "2012-10-17"
      Statement = [
        {
          Sid      = "WriteItsLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:::log-group:mock:*"]
        },
        {
          Sid      = "ReadItsQueue"
          Effect   = "Allow"
          Action   = ["sqs:ReceiveMessage"]
          Resource = ["arn:aws:sqs:::q"]
        },
      ]
    }
    error_message = "The role writes its log and does what it was granted, and nothing else."
  }

  assert {
    condition = (aws_lambda_event_source_mapping.this[0].event_source_arn == "arn:aws:sqs:::q" &&
      aws_lambda_event_source_mapping.this[0].function_name == "arn:aws:lambda:::function:mock" &&
      aws_lambda_event_source_mapping.this[0].batch_size == 45 &&
    aws_lambda_event_source_mapping.this[0].maximum_batching_window_in_seconds == 2)
    error_message = "It reads its queue in the batches that were asked for."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.this[0].scaling_config[0].maximum_concurrency == 3
    error_message = "No more readers at the same time than asked for."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.this[0].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "Failed messages are reported one by one."
  }
}

run "a_function_behind_an_api" {
  command = plan

  module {
    source = "../modules/function"
  }

  assert {
    condition     = length(aws_lambda_event_source_mapping.this) == 0
    error_message = "It reads no queue."
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "Nothing is reserved unless asked for."
  }
}

run "an_image_by_tag_is_refused" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    image = "registry.invalid/f:latest"
  }

  expect_failures = [var.image]
}

run "too_little_memory_is_refused" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    memory = 64
  }

  expect_failures = [var.memory]
}

run "an_action_with_a_star_is_refused" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    grants = { All = { actions = ["sqs:*"], resources = ["arn:aws:sqs:::q"] } }
  }

  expect_failures = [var.grants]
}

run "a_statement_for_every_resource_is_refused" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    grants = { All = { actions = ["sqs:SendMessage"], resources = ["*"] } }
  }

  expect_failures = [var.grants]
}

run "a_mapping_that_ignores_failed_messages_is_refused" {
  command = plan

  module {
    source = "../modules/function"
  }

  variables {
    event_source = {
      queue_arn                  = "arn:aws:sqs:::q"
      batch_size                 = 10
      batching_window            = 0
      maximum_concurrency        = 2
      report_batch_item_failures = false
    }
  }

  expect_failures = [var.event_source]
}
