# Values that AWS would compute. The provider validates ARNs, so Terraform's random strings would fail. No ARN contains an
# account ID.

mock_resource "aws_sqs_queue" {
  defaults = {
    arn = "arn:aws:sqs:::queue"
    url = "https://sqs.invalid/queue"
  }
}

mock_resource "aws_dynamodb_table" {
  defaults = { arn = "arn:aws:dynamodb:::table/mock" }
}

mock_resource "aws_cloudwatch_event_bus" {
  defaults = { arn = "arn:aws:events:::event-bus/mock" }
}

mock_resource "aws_cloudwatch_event_rule" {
  defaults = { arn = "arn:aws:events:::rule/mock" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:::log-group:mock" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam:::role/mock" }
}

mock_resource "aws_lambda_function" {
  defaults = {
    arn        = "arn:aws:lambda:::function:mock"
    invoke_arn = "arn:aws:apigateway:::lambda/mock"
  }
}

mock_resource "aws_lambda_alias" {
  defaults = {
    arn        = "arn:aws:lambda:::function:mock:live"
    invoke_arn = "arn:aws:apigateway:::lambda/mock"
  }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:::mock" }
}

mock_resource "aws_iam_openid_connect_provider" {
  defaults = { arn = "arn:aws:iam:::oidc-provider/mock" }
}

mock_resource "aws_iam_policy" {
  defaults = { arn = "arn:aws:iam:::policy/mock" }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::mock" }
}

mock_resource "aws_secretsmanager_secret" {
  defaults = { arn = "arn:aws:secretsmanager:::secret:mock" }
}

mock_resource "aws_apigatewayv2_api" {
  defaults = {
    id            = "api"
    api_endpoint  = "https://api.invalid"
    execution_arn = "arn:aws:execute-api:::api"
  }
}

mock_resource "aws_ecr_repository" {
  defaults = { arn = "arn:aws:ecr:::repository/mock", repository_url = "registry.invalid/mock" }
}

mock_data "aws_region" {
  defaults = { name = "region" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "this-account" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}
