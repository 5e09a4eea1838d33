<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("passwordChangedIntro")}</@layout.paragraph>
<@layout.paragraph>${msg("passwordChangedYou")}</@layout.paragraph>
<@layout.dispute href=disputeLink/>
</@layout.emailLayout>
