# Terraform creates the secrets without values. `npx --no-install dispatcher secrets` writes the values, so no value passes
# through a Terraform variable, a plan file or the state.
resource "aws_secretsmanager_secret" "this" {
  for_each                = var.secrets
  name                    = "${var.prefix}/${each.key}"
  description             = each.value
  recovery_window_in_days = var.recovery_window_days
}
