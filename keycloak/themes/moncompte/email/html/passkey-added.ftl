<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("passkeyAddedIntro")}</@layout.paragraph>
<@layout.fact label=msg("passkeyAddedLabel") value=passkeyLabel/>
<@layout.paragraph>${msg("passkeyAddedYou")}</@layout.paragraph>
<@layout.dispute href=disputeLink/>
</@layout.emailLayout>
