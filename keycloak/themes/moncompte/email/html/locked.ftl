<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("lockedIntro")}</@layout.paragraph>
<@layout.paragraph>${msg("lockedEnd", minutes)}</@layout.paragraph>
<@layout.paragraph>${msg("lockedYou")}</@layout.paragraph>
<#if loginUrl?has_content>
<@layout.button href=loginUrl label=msg("lockedButton")/>
</#if>
<@layout.paragraph>${msg("lockedNotYou")}</@layout.paragraph>
</@layout.emailLayout>
