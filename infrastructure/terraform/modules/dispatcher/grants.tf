# The permissions of each function's role: the API calls that the function's code makes, on the resources it makes them on.

locals {
  read_queue = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]

  # DynamoDB actions by function and table. The facts function counts its attempts in `state`.
  table_actions = {
    # Only reads of webhooks: what it writes of them is granted below.
    ingress = { access = ["dynamodb:GetItem"] }
    planning = {
      access = ["dynamodb:GetItem"]
      plans  = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      state  = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      # Only the remaining rate limits of installations, and the progress of the sweep.
      projections = ["dynamodb:PutItem"]
    }
    dispatch = {
      access = ["dynamodb:BatchGetItem"]
      plans  = ["dynamodb:GetItem", "dynamodb:BatchGetItem"]
      state  = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      # Only the remaining rate limits of installations.
      projections = ["dynamodb:PutItem"]
    }
    facts = {
      state       = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      facts       = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"]
      projections = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    }
    admin = {
      access      = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      facts       = ["dynamodb:Query"]
      plans       = ["dynamodb:GetItem", "dynamodb:Query"]
      projections = ["dynamodb:GetItem", "dynamodb:Query"]
      state       = ["dynamodb:GetItem", "dynamodb:PutItem"]
    }
  }

  # The items of a table that a function may use, where it may not use all of them. In `state`, admin needs only the
  # switch that pauses dispatches, and the remembered repository ids, which operators confirm; facts only the attempts at
  # messages. In `access`, dispatch and planning need only the API keys, the schedules and the webhooks; ingress only the
  # webhooks and the messages that came lately; admin is the table's owner and writes every kind of item there.
  table_keys = {
    admin    = { state = ["pause", "repository-ids#*"] }
    dispatch = { access = ["key", "schedule", "webhook"], projections = ["installations"] }
    facts    = { state = ["attempts#*"] }
    ingress  = { access = ["webhook", "webhook-message"] }
    planning = { access = ["key", "schedule", "webhook"], projections = ["installations", "sweeps"] }
  }

  # The queues that each function reads.
  queues_read = { for queue, source in local.description.eventSources : source.function => queue... }

  secrets_read = {
    ingress  = ["webhook-secret", "webhook-secret-previous"]
    planning = ["private-key"]
    dispatch = ["private-key"]
    facts    = []
    admin = concat(
      local.oidc == null && local.github == null ? ["admin-password"] : [],
      # The roles of people are read with the App's own tokens.
      local.github != null ? ["private-key"] : [],
      local.github != null || try(local.oidc.client_id, null) != null ? ["client-secret"] : [],
    )
  }

  # The secrets of webhooks, which operators create: Terraform knows none of them, and the state contains none.
  webhook_secrets_prefix = "${local.name}/webhooks/"
  webhook_secrets        = "${split(":secret:", module.secrets.arns["webhook-secret"])[0]}:secret:${local.webhook_secrets_prefix}*"

  # Statements by function and SID. Each block below adds one statement to the functions that need it and none to others.
  grants = {
    for name in keys(local.functions) : name => merge(
      {
        for key, queues in local.queues_read : "ReadQueue" => {
          actions   = local.read_queue
          resources = [for queue in queues : module.queues[queue].arn]
        } if key == name
      },
      {
        for key, queues in local.queues_read : "SendDeadLetters" => {
          actions   = ["sqs:SendMessage"]
          resources = [for queue in queues : module.queues[queue].dead_letters.arn]
        } if key == name
      },
      {
        for key in ["ingress"] : "StoreDeliveries" => {
          actions   = ["sqs:SendMessage"]
          resources = [module.queues["runs"].arn, module.queues["hints"].arn]
        } if key == name
      },
      # A redrive moves a dead letter back to its queue, or an undelivered event to the queue it was meant for.
      {
        for key in ["admin"] : "ReadDeadLetters" => {
          actions   = local.read_queue
          resources = concat([for queue in module.queues : queue.dead_letters.arn], [module.bus.undelivered_events.arn])
        } if key == name
      },
      {
        for key in ["admin"] : "RedriveDeadLetters" => {
          actions   = ["sqs:SendMessage"]
          resources = [for queue in module.queues : queue.arn]
        } if key == name
      },
      {
        for key in ["admin"] : "ReplayRuns" => {
          actions   = ["sqs:SendMessage"]
          resources = [module.queues["runs"].arn]
        } if key == name
      },
      {
        for key, function in local.functions : "PublishFacts" => {
          actions   = ["events:PutEvents"]
          resources = [module.bus.arn]
          # Without the detail types, a compromised function that publishes other facts could publish decisions.
          conditions = { StringEquals = { "events:source" = ["dispatcher"], "events:detail-type" = function.publishedFacts } }
        } if key == name && length(function.publishedFacts) > 0
      },
      {
        for key in ["facts"] : "ReadQueueDepths" => {
          actions = ["sqs:GetQueueAttributes"]
          resources = concat(
            flatten([for queue in module.queues : [queue.arn, queue.dead_letters.arn]]),
            [module.bus.undelivered_events.arn],
          )
        } if key == name
      },
      # The facts function reports undelivered events and never deletes them.
      {
        for key in ["facts"] : "ReadUndeliveredEvents" => {
          actions   = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"]
          resources = [module.bus.undelivered_events.arn]
        } if key == name
      },
      {
        for table, actions in local.table_actions[name] : "Table${title(table)}" => {
          actions = actions
          resources = (contains(actions, "dynamodb:Query") ?
            [module.tables[table].arn, "${module.tables[table].arn}/index/*"] :
          [module.tables[table].arn])
          conditions = (can(local.table_keys[name][table]) ?
            { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = local.table_keys[name][table] } } :
          {})
        }
      },
      # When a key was last used, and nothing else of a key: not its role, its targets or its secret.
      {
        for key in ["planning"] : "RecordKeyUse" => {
          actions   = ["dynamodb:UpdateItem"]
          resources = [module.tables["access"].arn]
          conditions = {
            "ForAllValues:StringEquals" = {
              "dynamodb:LeadingKeys" = ["key"]
              "dynamodb:Attributes"  = ["pk", "sk", "lastUsedAt"]
            }
          }
        } if key == name
      },
      # Which occurrence of a schedule is next, and nothing else of a schedule: not its target, its times or its pause.
      {
        for key in ["planning"] : "ListSchedules" => {
          actions    = ["dynamodb:Query"]
          resources  = [module.tables["access"].arn]
          conditions = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["schedule"] } }
        } if key == name
      },
      {
        for key in ["planning"] : "RecordScheduleProgress" => {
          actions   = ["dynamodb:UpdateItem"]
          resources = [module.tables["access"].arn]
          conditions = {
            "ForAllValues:StringEquals" = {
              "dynamodb:LeadingKeys" = ["schedule"]
              "dynamodb:Attributes"  = ["pk", "sk", "progress"]
            }
          }
        } if key == name
      },
      {
        for key in ["planning"] : "RequestScheduled" => {
          actions   = ["sqs:SendMessage"]
          resources = [module.queues["runs"].arn]
        } if key == name
      },
      # Which runs have an open check run, and nothing else of the plans: it may read a plan, and write none.
      {
        for key in ["dispatch"] : "KeepOpenChecks" => {
          actions    = ["dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"]
          resources  = [module.tables["plans"].arn]
          conditions = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["open-checks#*"] } }
        } if key == name
      },
      # What the patterns of a source mean, and nothing else of the projections.
      {
        for key in ["planning"] : "ReadCandidates" => {
          actions    = ["dynamodb:GetItem"]
          resources  = [module.tables["projections"].arn]
          conditions = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["candidates#*"] } }
        } if key == name
      },
      # That a webhook received a message, and nothing else of a webhook: not its target, its secret or its pause.
      {
        for key in ["ingress"] : "RecordWebhookReceipts" => {
          actions   = ["dynamodb:UpdateItem"]
          resources = [module.tables["access"].arn]
          conditions = {
            "ForAllValues:StringEquals" = {
              "dynamodb:LeadingKeys" = ["webhook"]
              "dynamodb:Attributes"  = ["pk", "sk", "receipts"]
            }
          }
        } if key == name
      },
      # When a message came, so that one that is sent again is known.
      {
        for key in ["ingress"] : "RememberMessages" => {
          actions    = ["dynamodb:UpdateItem"]
          resources  = [module.tables["access"].arn]
          conditions = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["webhook-message"] } }
        } if key == name
      },
      {
        for key in ["ingress"] : "ReadWebhookSecrets" => {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = [local.webhook_secrets]
        } if key == name
      },
      # Without GetSecretValue: a secret cannot be read back.
      {
        for key in ["admin"] : "WriteWebhookSecrets" => {
          actions   = ["secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret"]
          resources = [local.webhook_secrets]
        } if key == name
      },
      # The sessions of a person who withdrew the authorization of the App, and nothing else of the table.
      {
        for key in ["planning"] : "EndSessions" => {
          actions    = ["dynamodb:Query", "dynamodb:DeleteItem"]
          resources  = [module.tables["access"].arn]
          conditions = { "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["session#*"] } }
        } if key == name
      },
      length(local.secrets_read[name]) == 0 ? {} : {
        ReadSecrets = {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = [for secret in local.secrets_read[name] : module.secrets.arns[secret]]
        }
      },
    )
  }

  # Tables that a function is configured with but may not use, or may use but is not configured with. Without this check
  # the first request would fail with AccessDenied.
  table_mismatches = flatten([
    for name in keys(local.functions) : [
      for table in keys(local.description.tables) : "${name}: ${table}"
      if contains(local.required[name], "${upper(table)}_TABLE") != contains(keys(local.table_actions[name]), table)
    ]
  ])
}
