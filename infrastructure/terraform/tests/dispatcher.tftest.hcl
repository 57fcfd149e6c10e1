mock_provider "aws" {
  source = "./mocks"
}

variables {
  environment         = "n"
  deletion_protection = false
  github_app_id       = "1"
  github_app_slug     = "our-app"
  setting_names       = []
  settings = {
    log_retention_days    = 14
    archive_days          = 7
    environment_variables = { MAX_ATTEMPTS = "3", LOG_LEVEL = "warn" }
    table_names           = { projections = "restored" }
  }
  images = {
    ingress  = "registry.invalid/dispatcher/ingress@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    planning = "registry.invalid/dispatcher/planning@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    dispatch = "registry.invalid/dispatcher/dispatch@sha256:3333333333333333333333333333333333333333333333333333333333333333"
    facts    = "registry.invalid/dispatcher/facts@sha256:4444444444444444444444444444444444444444444444444444444444444444"
    admin    = "registry.invalid/dispatcher/admin@sha256:5555555555555555555555555555555555555555555555555555555555555555"
  }
}

run "each_role_has_exactly_the_grants_of_its_function" {
  command = apply

  module {
    source = "../modules/dispatcher"
  }

  override_resource {
    target = module.queues["runs"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::runs", url = "https://sqs.invalid/runs" }
  }

  override_resource {
    target = module.queues["runs"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::runs-dead-letters", url = "https://sqs.invalid/runs-dead-letters" }
  }

  override_resource {
    target = module.queues["hints"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::hints", url = "https://sqs.invalid/hints" }
  }

  override_resource {
    target = module.queues["hints"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::hints-dead-letters", url = "https://sqs.invalid/hints-dead-letters" }
  }

  override_resource {
    target = module.queues["decisions"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::decisions", url = "https://sqs.invalid/decisions" }
  }

  override_resource {
    target = module.queues["decisions"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::decisions-dead-letters", url = "https://sqs.invalid/decisions-dead-letters" }
  }

  override_resource {
    target = module.queues["facts"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::facts", url = "https://sqs.invalid/facts" }
  }

  override_resource {
    target = module.queues["facts"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::facts-dead-letters", url = "https://sqs.invalid/facts-dead-letters" }
  }

  override_resource {
    target = module.bus.aws_sqs_queue.undelivered_events
    values = { arn = "arn:aws:sqs:::undelivered-events", url = "https://sqs.invalid/undelivered-events" }
  }

  override_resource {
    target = module.tables["state"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/state" }
  }

  override_resource {
    target = module.tables["plans"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/plans" }
  }

  override_resource {
    target = module.tables["facts"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/facts" }
  }

  override_resource {
    target = module.tables["projections"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/projections" }
  }

  override_resource {
    target = module.tables["access"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/access" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["webhook-secret"]
    values = { arn = "arn:aws:secretsmanager:::secret:webhook-secret" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["webhook-secret-previous"]
    values = { arn = "arn:aws:secretsmanager:::secret:webhook-secret-previous" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["private-key"]
    values = { arn = "arn:aws:secretsmanager:::secret:private-key" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["client-secret"]
    values = { arn = "arn:aws:secretsmanager:::secret:client-secret" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["admin-password"]
    values = { arn = "arn:aws:secretsmanager:::secret:admin-password" }
  }

  # One line per statement: SID, actions and resources. The function module adds the statement for the log.
  assert {
    condition = {
      for name, grants in output.grants : name => [
        for sid, grant in grants : "${sid}: ${join(" ", grant.actions)} on ${join(" ", [for arn in grant.resources : trimprefix(arn, "arn:aws:")])}"
      ]
      } == {
      ingress = [
        "ReadSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:webhook-secret secretsmanager:::secret:webhook-secret-previous",
        "ReadWebhookSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:dispatcher-n/webhooks/*",
        "RecordWebhookReceipts: dynamodb:UpdateItem on dynamodb:::table/access",
        "RememberMessages: dynamodb:UpdateItem on dynamodb:::table/access",
        "StoreDeliveries: sqs:SendMessage on sqs:::runs sqs:::hints",
        "TableAccess: dynamodb:GetItem on dynamodb:::table/access",
      ]
      planning = [
        "EndSessions: dynamodb:Query dynamodb:DeleteItem on dynamodb:::table/access",
        "ListSchedules: dynamodb:Query on dynamodb:::table/access",
        "PublishFacts: events:PutEvents on events:::event-bus/mock",
        "ReadCandidates: dynamodb:GetItem on dynamodb:::table/projections",
        "ReadQueue: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::hints sqs:::runs",
        "ReadSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:private-key",
        "RecordKeyUse: dynamodb:UpdateItem on dynamodb:::table/access",
        "RecordScheduleProgress: dynamodb:UpdateItem on dynamodb:::table/access",
        "RequestScheduled: sqs:SendMessage on sqs:::runs",
        "SendDeadLetters: sqs:SendMessage on sqs:::hints-dead-letters sqs:::runs-dead-letters",
        "TableAccess: dynamodb:GetItem on dynamodb:::table/access",
        "TablePlans: dynamodb:GetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on dynamodb:::table/plans dynamodb:::table/plans/index/*",
        "TableProjections: dynamodb:PutItem on dynamodb:::table/projections",
        "TableState: dynamodb:GetItem dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on dynamodb:::table/state",
      ]
      dispatch = [
        "KeepOpenChecks: dynamodb:Query dynamodb:PutItem dynamodb:DeleteItem on dynamodb:::table/plans",
        "PublishFacts: events:PutEvents on events:::event-bus/mock",
        "ReadQueue: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::decisions",
        "ReadSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:private-key",
        "SendDeadLetters: sqs:SendMessage on sqs:::decisions-dead-letters",
        "TableAccess: dynamodb:BatchGetItem on dynamodb:::table/access",
        "TablePlans: dynamodb:GetItem dynamodb:BatchGetItem on dynamodb:::table/plans",
        "TableProjections: dynamodb:PutItem on dynamodb:::table/projections",
        "TableState: dynamodb:GetItem dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on dynamodb:::table/state",
      ]
      facts = [
        "PublishFacts: events:PutEvents on events:::event-bus/mock",
        "ReadQueue: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::facts",
        "ReadQueueDepths: sqs:GetQueueAttributes on sqs:::decisions sqs:::decisions-dead-letters sqs:::facts sqs:::facts-dead-letters sqs:::hints sqs:::hints-dead-letters sqs:::runs sqs:::runs-dead-letters sqs:::undelivered-events",
        "ReadUndeliveredEvents: sqs:ReceiveMessage sqs:ChangeMessageVisibility on sqs:::undelivered-events",
        "SendDeadLetters: sqs:SendMessage on sqs:::facts-dead-letters",
        "TableFacts: dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem on dynamodb:::table/facts dynamodb:::table/facts/index/*",
        "TableProjections: dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem on dynamodb:::table/projections dynamodb:::table/projections/index/*",
        "TableState: dynamodb:GetItem dynamodb:UpdateItem on dynamodb:::table/state",
      ]
      admin = [
        "PublishFacts: events:PutEvents on events:::event-bus/mock",
        "ReadDeadLetters: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::decisions-dead-letters sqs:::facts-dead-letters sqs:::hints-dead-letters sqs:::runs-dead-letters sqs:::undelivered-events",
        "ReadSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:admin-password",
        "RedriveDeadLetters: sqs:SendMessage on sqs:::decisions sqs:::facts sqs:::hints sqs:::runs",
        "ReplayRuns: sqs:SendMessage on sqs:::runs",
        "TableAccess: dynamodb:GetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on dynamodb:::table/access dynamodb:::table/access/index/*",
        "TableFacts: dynamodb:Query on dynamodb:::table/facts dynamodb:::table/facts/index/*",
        "TablePlans: dynamodb:GetItem dynamodb:Query on dynamodb:::table/plans dynamodb:::table/plans/index/*",
        "TableProjections: dynamodb:GetItem dynamodb:Query on dynamodb:::table/projections dynamodb:::table/projections/index/*",
        "TableState: dynamodb:GetItem dynamodb:PutItem on dynamodb:::table/state",
        "WriteWebhookSecrets: secretsmanager:CreateSecret secretsmanager:PutSecretValue secretsmanager:DeleteSecret on secretsmanager:::secret:dispatcher-n/webhooks/*",
      ]
    }
    error_message = "Each role must have exactly the grants that its function needs."
  }

  assert {
    # Compared as JSON, because the grants are objects of different types.
    condition = jsonencode({
      for name, grants in output.grants : name => {
        for sid, grant in grants : sid => grant.conditions
        if(startswith(sid, "Table") || contains(["KeepOpenChecks", "RecordKeyUse", "ReadCandidates", "EndSessions", "ListSchedules", "RecordScheduleProgress", "RecordWebhookReceipts", "RememberMessages"], sid)) && length(try(grant.conditions, {})) > 0
      }
      }) == jsonencode({
      ingress = { RecordWebhookReceipts = { "ForAllValues:StringEquals" = {
        "dynamodb:LeadingKeys" = ["webhook"], "dynamodb:Attributes" = ["pk", "sk", "receipts"]
        } }, RememberMessages = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["webhook-message"] } }, TableAccess = { "ForAllValues:StringLike" = {
        "dynamodb:LeadingKeys" = ["webhook", "webhook-message"]
      } } }
      facts = { TableState = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["attempts#*"] } } }
      planning = { ReadCandidates = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["candidates#*"] } }, EndSessions = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["session#*"] } }, TableAccess = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["key", "schedule", "webhook"] } }, TableProjections = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["installations", "sweeps"] } }, RecordKeyUse = { "ForAllValues:StringEquals" = {
        "dynamodb:LeadingKeys" = ["key"], "dynamodb:Attributes" = ["pk", "sk", "lastUsedAt"]
        } }, ListSchedules = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["schedule"] } }, RecordScheduleProgress = { "ForAllValues:StringEquals" = {
        "dynamodb:LeadingKeys" = ["schedule"], "dynamodb:Attributes" = ["pk", "sk", "progress"]
      } } }
      dispatch = { KeepOpenChecks = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["open-checks#*"] } }, TableAccess = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["key", "schedule", "webhook"] } }, TableProjections = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["installations"] } } }
      admin    = { TableState = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["pause", "repository-ids#*"] } } }
    })
    error_message = "Of the table state, admin must reach only the switch that pauses dispatches and the remembered repository ids; facts only the attempts; of access, dispatch and planning only the keys, schedules and webhooks, ingress only the webhooks, of which it may change only the receipts, and the last messages, of a key planning may change only its last use, of a schedule only its progress, and it may end sessions; of projections only the rate limits of installations, and planning the progress of the sweep, and may read only the candidates of patterns; of plans dispatch may write only which runs have open checks."
  }

  # Only planning may publish decisions.
  assert {
    condition = {
      for name, grants in output.grants : name => grants.PublishFacts.conditions.StringEquals if contains(keys(grants), "PublishFacts")
      } == {
      planning = {
        "events:source"      = ["dispatcher"]
        "events:detail-type" = ["config.checked", "config.observed", "delivery.ignored", "delivery.repeated", "deliveries.checked", "dispatch.completed", "message.dead-lettered", "operator.acted", "route.decided", "run.delayed", "run.planned", "schedule.missed"]
      }
      dispatch = {
        "events:source"      = ["dispatcher"]
        "events:detail-type" = ["dispatch.accepted", "dispatch.failed", "issue.reported", "message.dead-lettered", "plan.reported"]
      }
      facts = {
        "events:source"      = ["dispatcher"]
        "events:detail-type" = ["message.dead-lettered"]
      }
      admin = {
        "events:source"      = ["dispatcher"]
        "events:detail-type" = ["bulk-replay.changed", "dead-letter.acted", "key.changed", "pause.changed", "repository.confirmed", "schedule.changed", "webhook.changed"]
      }
    }
    error_message = "Each role must publish only the facts of its function."
  }

  assert {
    condition = output.environments.ingress == {
      GITHUB_APP_ID                      = "1"
      GITHUB_WEBHOOK_SECRET_ARN          = "arn:aws:secretsmanager:::secret:webhook-secret"
      GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN = "arn:aws:secretsmanager:::secret:webhook-secret-previous"
      LOG_LEVEL                          = "warn"
      HINTS_QUEUE_URL                    = "https://sqs.invalid/hints"
      RUNS_QUEUE_URL                     = "https://sqs.invalid/runs"
      ACCESS_TABLE                       = "dispatcher-n-access"
      WEBHOOK_SECRETS_PREFIX             = "dispatcher-n/webhooks/"
      METRICS_NAMESPACE                  = "Dispatcher/n"
    }
    error_message = "ingress must get both webhook secrets, and where the webhooks of third parties are."
  }

  assert {
    condition = (output.environments.planning["RUNS_DEAD_LETTER_QUEUE_URL"] == "https://sqs.invalid/runs-dead-letters" &&
      output.environments.planning["STATE_TABLE"] == "dispatcher-n-state" &&
      output.environments.planning["PLANS_TABLE"] == "dispatcher-n-plans" &&
      output.environments.planning["GITHUB_APP_ID"] == "1" &&
      output.environments.planning["GITHUB_APP_SLUG"] == "our-app" &&
      output.environments.planning["BUS_NAME"] == "dispatcher-n" &&
      alltrue([for name in ["planning", "dispatch", "facts"] : output.environments[name]["METRICS_NAMESPACE"] == "Dispatcher/n"]) &&
    output.environments.planning["GITHUB_APP_PRIVATE_KEY_ARN"] == "arn:aws:secretsmanager:::secret:private-key")
    error_message = "planning must get its queue, table, event bus and App, and the functions that write metrics the namespace of the environment."
  }

  assert {
    condition = (output.environments.admin["IMAGE_DIGEST"] == "sha256:5555555555555555555555555555555555555555555555555555555555555555" &&
    !contains(keys(output.environments.planning), "IMAGE_DIGEST"))
    error_message = "The admin function must get the digest of its image, and no other function."
  }

  assert {
    condition = (output.environments.admin["ADMIN_AUTHENTICATION"] == "basic" && output.environments.admin["ADMIN_BASIC_USER"] == "operator" &&
    output.environments.admin["ADMIN_BASIC_PASSWORD_ARN"] == "arn:aws:secretsmanager:::secret:admin-password")
    error_message = "Without a provider the admin API must use basic authentication."
  }

  assert {
    condition = (length([for name in keys(output.environments.admin) : name if startswith(name, "OIDC_")]) == 0 &&
      output.environments.admin["ACCESS_TABLE"] == "dispatcher-n-access" &&
    output.environments.admin["RUNS_QUEUE_URL"] == "https://sqs.invalid/runs")
    error_message = "Without a provider admin must get no OIDC variable, and always the tables and queues it uses."
  }

  assert {
    condition     = output.environments.admin["PROJECTIONS_TABLE"] == "restored" && output.table_names.projections == "restored"
    error_message = "A table name in table_names must be used."
  }

  assert {
    condition     = alltrue([for name in ["facts", "admin"] : output.environments[name]["UNDELIVERED_EVENTS_QUEUE_URL"] == "https://sqs.invalid/undelivered-events"])
    error_message = "facts and admin must get the queue for undelivered events."
  }

  assert {
    condition     = output.environments.facts["MAX_ATTEMPTS"] == "3" && !contains(keys(output.environments.ingress), "MAX_ATTEMPTS")
    error_message = "An optional environment variable must reach only the functions that read it."
  }
}

run "github_replaces_basic_authentication" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = {
      log_retention_days = 14
      archive_days       = 7
      public_url         = "https://dispatcher.example.com"
      environment_variables = {
        OIDC_ISSUERS = "https://token.actions.githubusercontent.com/acme"
      }
      admin_github = {
        client_id = "Iv23liExample"
        operators = ["repo:acme/ops", "team:acme/platform"]
      }
    }
  }

  assert {
    condition = {
      for name, value in output.environments.admin : name => value
      if startswith(name, "ADMIN_") || startswith(name, "GITHUB_CLIENT_ID") || startswith(name, "PUBLIC_")
      } == {
      ADMIN_AUTHENTICATION = "github"
      ADMIN_OPERATORS      = "repo:acme/ops,team:acme/platform"
      GITHUB_CLIENT_ID     = "Iv23liExample"
      PUBLIC_URL           = "https://dispatcher.example.com"
    }
    error_message = "admin must get the App's client id and who has access, and nothing of basic authentication."
  }

  assert {
    condition     = output.doctor_variables == { GITHUB_APP_ID = "1", GITHUB_APP_SLUG = "our-app", GITHUB_CLIENT_ID = "Iv23liExample" }
    error_message = "doctor must get the client id with which people sign in, and no user of basic authentication."
  }

  assert {
    condition = {
      for function in keys(output.environments) : function => lookup(output.environments[function], "OIDC_ISSUERS", null)
      if contains(keys(output.environments[function]), "OIDC_ISSUERS")
      } == {
      planning = "https://token.actions.githubusercontent.com/acme"
    }
    error_message = "planning alone verifies the tokens of jobs, and must get their issuers."
  }

  assert {
    condition     = output.environments.planning.PUBLIC_URL == "https://dispatcher.example.com"
    error_message = "planning must know the address of Dispatcher: it is the audience of the tokens of jobs."
  }

  assert {
    condition     = length(output.grants.admin.ReadSecrets.resources) == 2 && contains(keys(output.environments.admin), "GITHUB_CLIENT_SECRET_ARN")
    error_message = "admin must be allowed to read the private key and the client secret, and not the password."
  }
}

run "oidc_provider_replaces_basic_authentication" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = {
      log_retention_days = 14
      archive_days       = 7
      admin_oidc = {
        issuer         = "https://id.example.com/"
        audience       = "dispatcher"
        operator_value = "operators"
        role_claim     = "realm_access.roles"
      }
    }
  }

  assert {
    condition = (output.environments.admin["ADMIN_AUTHENTICATION"] == "oidc" && {
      for name, value in output.environments.admin : name => value if startswith(name, "OIDC_")
      } == {
      OIDC_AUDIENCE       = "dispatcher"
      OIDC_ISSUER         = "https://id.example.com/"
      OIDC_OPERATOR_VALUE = "operators"
      OIDC_ROLE_CLAIM     = "realm_access.roles"
    })
    error_message = "admin must get the OIDC variables as given, and none that is left out."
  }

  assert {
    condition = (length([for name in keys(output.environments.admin) : name if startswith(name, "ADMIN_BASIC_")]) == 0 &&
    !contains(keys(output.grants.admin), "ReadSecrets"))
    error_message = "With a provider admin must neither get the password nor be allowed to read it."
  }
}
