mock_provider "aws" {
  source = "./mocks"
}

run "entries_are_created_empty" {
  command = apply

  module {
    source = "../modules/secrets"
  }

  variables {
    prefix        = "p"
    recovery_days = 7
    entries       = { key = "What it is for." }
  }

  assert {
    condition = (aws_secretsmanager_secret.this["key"].name == "p/key" &&
      aws_secretsmanager_secret.this["key"].description == "What it is for." &&
    aws_secretsmanager_secret.this["key"].recovery_window_in_days == 7)
    error_message = "The entry has its name, says what it is for, and can be brought back."
  }

  assert {
    condition     = output.names == { key = "p/key" } && output.arns == { key = "arn:aws:secretsmanager:::secret:mock" }
    error_message = "Entries are found by their short names."
  }
}

run "a_recovery_of_a_day_is_refused" {
  command = plan

  module {
    source = "../modules/secrets"
  }

  variables {
    prefix        = "p"
    recovery_days = 1
    entries       = {}
  }

  expect_failures = [var.recovery_days]
}
