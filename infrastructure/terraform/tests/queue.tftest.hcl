mock_provider "aws" {
  source = "./mocks"
}

run "queue_with_its_dead_letter_queue" {
  command = apply

  module {
    source = "../modules/queue"
  }

  variables {
    name                  = "q"
    dead_letter_queue     = "q-dead"
    visibility_timeout    = 180
    reader_timeout        = 30
    retention             = 100
    dead_letter_retention = 200
    max_receive_count     = 1000
  }

  override_resource {
    target = aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::dead", url = "https://sqs.invalid/dead" }
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    error_message = "Both queues must be encrypted."
  }

  assert {
    condition     = aws_sqs_queue.this.message_retention_seconds == 100 && aws_sqs_queue.dead_letters.message_retention_seconds == 200
    error_message = "Both queues must have their retention."
  }

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 180
    error_message = "The queue must have the given visibility timeout."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy) == { deadLetterTargetArn = "arn:aws:sqs:::dead", maxReceiveCount = 1000 }
    error_message = "The queue must move messages to its own dead-letter queue."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letters.redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = ["arn:aws:sqs:::queue"] }
    error_message = "No other queue may use the dead-letter queue."
  }

  assert {
    condition     = aws_sqs_queue_redrive_allow_policy.dead_letters.queue_url == "https://sqs.invalid/dead"
    error_message = "The redrive allow policy must belong to the dead-letter queue."
  }

  assert {
    condition     = aws_sqs_queue.this.name == "q" && aws_sqs_queue.dead_letters.name == "q-dead"
    error_message = "Both queues must have the given names."
  }
}

run "visibility_timeout_below_six_function_timeouts_is_rejected" {
  command = plan

  module {
    source = "../modules/queue"
  }

  variables {
    name                  = "q"
    dead_letter_queue     = "q-dead"
    visibility_timeout    = 179
    reader_timeout        = 30
    retention             = 100
    dead_letter_retention = 200
    max_receive_count     = 1000
  }

  expect_failures = [var.reader_timeout]
}

run "dead_letter_retention_not_longer_than_retention_is_rejected" {
  command = plan

  module {
    source = "../modules/queue"
  }

  variables {
    name                  = "q"
    dead_letter_queue     = "q-dead"
    visibility_timeout    = 180
    reader_timeout        = 30
    retention             = 200
    dead_letter_retention = 200
    max_receive_count     = 1000
  }

  expect_failures = [var.dead_letter_retention]
}
