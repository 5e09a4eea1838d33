<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("passkeyRemovedIntro")}</@layout.paragraph>
<@layout.paragraph>${msg("passkeyRemovedNotYou")}</@layout.paragraph>
</@layout.emailLayout>
