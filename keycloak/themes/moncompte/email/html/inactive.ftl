<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("inactiveIntro")}</@layout.paragraph>
<@layout.paragraph><strong>${msg("inactiveWhen", days)}</strong></@layout.paragraph>
<@layout.paragraph>${msg("inactiveKeep")}</@layout.paragraph>
<#if loginUrl?has_content>
<@layout.button href=loginUrl label=msg("inactiveButton")/>
</#if>
<@layout.paragraph>${msg("inactiveNothing")}</@layout.paragraph>
</@layout.emailLayout>
