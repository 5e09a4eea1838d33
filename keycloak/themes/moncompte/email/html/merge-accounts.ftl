<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("mergeAccountsIntro")}</@layout.paragraph>
<@layout.fact label=msg("mergeAccountsGoes") value=goneAddress/>
<@layout.fact label=msg("mergeAccountsStays") value=keptAddress/>
<@layout.button href=link label=msg("mergeAccountsButton")/>
<@layout.paragraph>${msg("activationLifetime", linkHours)}</@layout.paragraph>
<@layout.paragraph><strong>${msg("mergeAccountsNotYou")}</strong></@layout.paragraph>
</@layout.emailLayout>
