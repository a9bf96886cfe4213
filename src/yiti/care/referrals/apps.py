from django.apps import AppConfig

from yiti.foundation.access import public as access


class ReferralsConfig(AppConfig):
    name = "yiti.care.referrals"
    label = "referrals"

    def ready(self) -> None:
        from yiti.care.referrals.commands.kinds import register_kinds  # noqa: PLC0415  needs the tables
        from yiti.care.referrals.selectors import thread_rows  # noqa: PLC0415
        from yiti.spine.episodes import public as episodes  # noqa: PLC0415

        register_kinds()
        episodes.register_timeline("referrals", thread_rows, sorts=[episodes.EntryKind.HANDOFF])
        access.register(
            access.Permission("referrals.read", zh="查看转诊", en="Read referrals"),
            access.Permission("referrals.send", zh="发起转诊", en="Send referrals"),
            access.Permission("referrals.answer", zh="接收、退回、改派、谢绝转诊", en="Answer referrals"),
            access.Permission("referrals.approve", zh="审批转诊", en="Approve referrals"),
            access.Permission("referrals.treat", zh="收治和回传转诊患者", en="Treat referred patients"),
            access.Permission("referrals.follow_up", zh="首次随访", en="Do the first follow-up"),
            access.Permission("referrals.board", zh="查看转诊看板", en="See the referral board"),
        )
