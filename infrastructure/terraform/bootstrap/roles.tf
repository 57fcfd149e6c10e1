# One role for each environment of the repository. NAME-plan and pull-request read, NAME changes, release
# pushes images.

locals {
  # ARNs of what environment E consists of, by service. All names begin with dispatcher-E.
  arn = "arn:${local.partition}"
  resources = {
    for name in var.environments : name => {
      functions = ["${local.arn}:lambda:*:${local.account}:function:dispatcher-${name}-*"]
      mappings  = ["${local.arn}:lambda:*:${local.account}:event-source-mapping:*"]
      roles     = ["${local.arn}:iam::${local.account}:role/dispatcher-${name}-*"]
      queues    = ["${local.arn}:sqs:*:${local.account}:dispatcher-${name}-*"]
      tables    = ["${local.arn}:dynamodb:*:${local.account}:table/dispatcher-${name}-*"]
      bus       = ["${local.arn}:events:*:${local.account}:event-bus/dispatcher-${name}"]
      events = [
        "${local.arn}:events:*:${local.account}:event-bus/dispatcher-${name}",
        "${local.arn}:events:*:${local.account}:rule/dispatcher-${name}-*",
        "${local.arn}:events:*:${local.account}:rule/dispatcher-${name}/*",
        "${local.arn}:events:*:${local.account}:archive/dispatcher-${name}",
      ]
      logs = [
        "${local.arn}:logs:*:${local.account}:log-group:/aws/lambda/dispatcher-${name}-*",
        "${local.arn}:logs:*:${local.account}:log-group:/aws/apigateway/dispatcher-${name}",
      ]
      alarms     = ["${local.arn}:cloudwatch:*:${local.account}:alarm:dispatcher-${name}-*"]
      dashboards = ["${local.arn}:cloudwatch::${local.account}:dashboard/dispatcher-${name}"]
      secrets    = ["${local.arn}:secretsmanager:*:${local.account}:secret:dispatcher-${name}/*"]
      topics     = ["${local.arn}:sns:*:${local.account}:dispatcher-${name}-*"]
      # API Gateway's ARNs have no names: apis are known by IDs that AWS chooses.
      apis = ["${local.arn}:apigateway:*::/apis", "${local.arn}:apigateway:*::/apis/*", "${local.arn}:apigateway:*::/domainnames", "${local.arn}:apigateway:*::/domainnames/*", "${local.arn}:apigateway:*::/tags/*"]
    }
  }

  # Actions that AWS does not restrict to resources, or that list them.
  unrestricted_reads = [
    "cloudwatch:DescribeAlarms", "events:ListRules", "lambda:GetAccountSettings", "lambda:GetEventSourceMapping",
    "lambda:ListEventSourceMappings", "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions",
    "logs:ListLogDeliveries", "sns:GetSubscriptionAttributes",
  ]

  reads = {
    for name, of in local.resources : name => [
      { Sid = "List", Action = local.unrestricted_reads, Resource = ["*"] },
      {
        Sid = "ReadFunctions"
        Action = [
          "lambda:GetAlias", "lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionConcurrency",
          "lambda:GetFunctionConfiguration", "lambda:GetPolicy", "lambda:ListTags", "lambda:ListVersionsByFunction",
        ]
        Resource = concat(of.functions, of.mappings)
      },
      {
        Sid      = "ReadRoles"
        Action   = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"]
        Resource = of.roles
      },
      { Sid = "ReadQueues", Action = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"], Resource = of.queues },
      {
        Sid      = "ReadTables"
        Action   = ["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"]
        Resource = of.tables
      },
      {
        Sid      = "ReadEvents"
        Action   = ["events:DescribeArchive", "events:DescribeEventBus", "events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"]
        Resource = of.events
      },
      { Sid = "ReadLogGroups", Action = ["logs:DescribeMetricFilters", "logs:ListTagsForResource"], Resource = flatten([for arn in of.logs : [arn, "${arn}:*"]]) },
      { Sid = "ReadAlarms", Action = ["cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"], Resource = concat(of.alarms, of.dashboards) },
      { Sid = "ReadApi", Action = ["apigateway:GET"], Resource = of.apis },
      { Sid = "DescribeSecrets", Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"], Resource = of.secrets },
      { Sid = "ReadTopics", Action = ["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:ListTagsForResource"], Resource = of.topics },
    ]
  }

  writes = {
    for name, of in local.resources : name => [
      {
        Sid = "ChangeFunctions"
        Action = [
          "lambda:AddPermission", "lambda:CreateAlias", "lambda:CreateFunction", "lambda:DeleteAlias", "lambda:DeleteFunction",
          "lambda:DeleteFunctionConcurrency", "lambda:PublishVersion", "lambda:PutFunctionConcurrency", "lambda:RemovePermission",
          "lambda:TagResource", "lambda:UntagResource", "lambda:UpdateAlias", "lambda:UpdateFunctionCode",
          "lambda:UpdateFunctionConfiguration",
        ]
        Resource = of.functions
      },
      # A mapping's ARN has an ID that AWS chooses; the condition restricts it by its function.
      {
        Sid       = "ChangeEventSources"
        Action    = ["lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"]
        Resource  = ["*"]
        Condition = { ArnLike = { "lambda:FunctionArn" = of.functions } }
      },
      { Sid = "TagEventSources", Action = ["lambda:TagResource", "lambda:UntagResource"], Resource = of.mappings },
      # Without the boundary the role could create a role that may do anything, and run it as a function.
      {
        Sid       = "CreateRoles"
        Action    = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
        Resource  = of.roles
        Condition = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary[name].arn } }
      },
      {
        Sid      = "ChangeRoles"
        Action   = ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
        Resource = of.roles
      },
      {
        Sid       = "PassRoles"
        Action    = ["iam:PassRole"]
        Resource  = of.roles
        Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }
      },
      { Sid = "ChangeQueues", Action = ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"], Resource = of.queues },
      {
        Sid = "ChangeTables"
        Action = [
          "dynamodb:CreateTable", "dynamodb:DeleteTable", "dynamodb:TagResource", "dynamodb:UntagResource",
          "dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive",
        ]
        Resource = of.tables
      },
      {
        Sid = "ChangeEvents"
        Action = [
          "events:CreateArchive", "events:CreateEventBus", "events:DeleteArchive", "events:DeleteEventBus", "events:DeleteRule",
          "events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource",
          "events:UpdateArchive",
        ]
        Resource = of.events
      },
      {
        Sid = "ChangeLogGroups"
        Action = [
          "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteMetricFilter", "logs:PutMetricFilter",
          "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
        ]
        Resource = flatten([for arn in of.logs : [arn, "${arn}:*"]])
      },
      # The access log of the API, and saved queries, which have no ARNs.
      {
        Sid = "ChangeLogDelivery"
        Action = [
          "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DeleteQueryDefinition", "logs:GetLogDelivery",
          "logs:PutQueryDefinition", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:UpdateLogDelivery",
        ]
        Resource = ["*"]
      },
      {
        Sid      = "ChangeAlarms"
        Action   = ["cloudwatch:DeleteAlarms", "cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"]
        Resource = concat(of.alarms, of.dashboards)
      },
      { Sid = "ChangeApi", Action = ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"], Resource = of.apis },
      {
        Sid      = "ChangeSecrets"
        Action   = ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource", "secretsmanager:UpdateSecret"]
        Resource = of.secrets
      },
      # The smoke test signs a delivery and signs in to the admin API.
      { Sid = "ReadSecrets", Action = ["secretsmanager:GetSecretValue"], Resource = of.secrets },
      { Sid = "ChangeTopics", Action = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource"], Resource = of.topics },
    ]
  }

  state = {
    for name in var.environments : name => {
      read = [
        { Sid = "ListState", Action = ["s3:ListBucket"], Resource = [aws_s3_bucket.state.arn] },
        { Sid = "ReadState", Action = ["s3:GetObject"], Resource = ["${aws_s3_bucket.state.arn}/dispatcher/${name}.tfstate"] },
        {
          Sid      = "LockState"
          Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
          Resource = ["${aws_s3_bucket.state.arn}/dispatcher/${name}.tfstate.tflock"]
        },
        { Sid = "StorePlans", Action = ["s3:GetObject", "s3:PutObject"], Resource = ["${aws_s3_bucket.state.arn}/dispatcher/plans/${name}/*"] },
      ]
      write = [{ Sid = "WriteState", Action = ["s3:PutObject"], Resource = ["${aws_s3_bucket.state.arn}/dispatcher/${name}.tfstate"] }]
    }
  }

  # Lambda reads an image with the permissions of the role that creates the function.
  pull = length(local.repository_arns) == 0 ? [] : [{
    Sid      = "ReadImages"
    Action   = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:GetRepositoryPolicy"]
    Resource = local.repository_arns
  }]

  statements = merge(
    { for name in var.environments : "${name}-plan" => [local.state[name].read, local.reads[name]] },
    { for name in var.environments : name => [local.state[name].read, local.state[name].write, local.pull, local.reads[name], local.writes[name]] },
    # For the plan of a pull request, whose code nobody has reviewed yet: it reads, and neither locks the state nor stores a
    # plan that could be applied.
    contains(var.environments, "dev") ? {
      pull-request = [
        [for statement in local.state["dev"].read : statement if !contains(["LockState", "StorePlans"], statement.Sid)],
        local.reads["dev"],
      ]
    } : {},
    var.has_registry ? {
      release = [[
        { Sid = "SignIn", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
        {
          Sid = "PushImages"
          Action = [
            "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
          ]
          Resource = local.repository_arns
        },
      ]]
    } : {},
  )
}

resource "aws_iam_role" "github" {
  for_each             = local.trust
  name                 = "dispatcher-deploy-${each.key}"
  description          = "Assumed by the workflows of the GitHub environment ${each.key}."
  assume_role_policy   = each.value
  max_session_duration = 3600
}

# Managed policies, because the inline policies of a role may have 10,240 characters together.
resource "aws_iam_policy" "github" {
  for_each    = { for item in local.policies : item.key => item }
  name        = "dispatcher-deploy-${each.key}"
  description = "What the workflows of the GitHub environment ${each.value.role} may do."
  policy      = each.value.policy
}

resource "aws_iam_role_policy_attachment" "github" {
  for_each   = { for item in local.policies : item.key => item }
  role       = aws_iam_role.github[each.value.role].name
  policy_arn = aws_iam_policy.github[each.key].arn
}

locals {
  # A managed policy may have 6,144 characters: each block of statements becomes one.
  blocks = { for role, blocks in local.statements : role => [for block in blocks : [for statement in block : merge({ Effect = "Allow" }, statement)] if length(block) > 0] }
  policies = flatten([
    for role, blocks in local.blocks : [
      for index, block in blocks : {
        key    = "${role}-${index + 1}"
        role   = role
        policy = jsonencode({ Version = "2012-10-17", Statement = block })
      }
    ]
  ])
}

# The most that a function of an environment may ever do, whatever the role that deploys it grants.
resource "aws_iam_policy" "boundary" {
  for_each    = local.resources
  name        = "dispatcher-boundary-${each.key}"
  description = "Permissions boundary of the functions of ${each.key}."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Logs", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = [for arn in each.value.logs : "${arn}:*"] },
      {
        Sid      = "Queues"
        Effect   = "Allow"
        Action   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"]
        Resource = each.value.queues
      },
      {
        Sid      = "Tables"
        Effect   = "Allow"
        Action   = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
        Resource = flatten([for arn in each.value.tables : [arn, "${arn}/index/*"]])
      },
      { Sid = "Facts", Effect = "Allow", Action = ["events:PutEvents"], Resource = each.value.bus },
      { Sid = "Secrets", Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = each.value.secrets },
      # Of the webhooks that operators create: no function may change or delete a secret of the App.
      {
        Sid      = "WebhookSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:PutSecretValue"]
        Resource = [for arn in each.value.secrets : "${trimsuffix(arn, "*")}webhooks/*"]
      },
    ]
  })
}
