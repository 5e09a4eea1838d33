<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("activationIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.fact label=msg("identifierLabel") value=identifier/>
<@layout.button href=link label=msg("activationButton")/>
<@layout.paragraph>${msg("activationLifetime", linkHours)} ${msg("activationOther")}</@layout.paragraph>
<@layout.paragraph>${msg("activationNotYou")}</@layout.paragraph>
</@layout.emailLayout>
