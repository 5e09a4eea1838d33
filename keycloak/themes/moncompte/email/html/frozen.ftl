<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("frozenIntro")}</@layout.paragraph>
<@layout.paragraph>${msg("frozenNext")}</@layout.paragraph>
</@layout.emailLayout>
