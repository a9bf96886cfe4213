from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Upper

from yiti.kernel.ids import new_id


class User(AbstractBaseUser):
    """An account. One person, one account; where the person works stands in staff postings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=11, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    large_text = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = BaseUserManager["User"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username=Upper("username")), name="accounts_username_upper"
            ),
            models.UniqueConstraint(
                fields=["phone"], condition=~models.Q(phone=""), name="accounts_phone_once"
            ),
        ]


class Role(models.Model):
    """A set of permissions with a name (FHIR PractitionerRole.code in our house)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    zh = models.CharField(max_length=40)
    en = models.CharField(max_length=60)


class RolePermission(models.Model):
    """One permission of one role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    permission = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "permission"], name="accounts_role_permission_once"),
        ]


class SignIn(models.Model):
    """A successful sign-in, shown to its owner at the next one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="accounts_signin_recent")]
