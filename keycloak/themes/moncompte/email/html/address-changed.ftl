<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("addressChangedIntro")}</@layout.paragraph>
<@layout.fact label=msg("addressLabel") value=maskedAddress/>
<@layout.paragraph>${msg("addressChangedYou")}</@layout.paragraph>
<@layout.paragraph><strong>${msg("addressChangedNotYou")}</strong></@layout.paragraph>
<@layout.dispute href=disputeLink/>
</@layout.emailLayout>
