<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("releaseAskedIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.fact label=msg("identifierLabel") value=identifier/>
<#if contracts?has_content>
<@layout.paragraph>${msg("releaseAskedContracts")}<#list contracts as contract><br><strong>${contract.reference}</strong> (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if></#list></@layout.paragraph>
</#if>
<@layout.fact label=msg("releaseAskedDue") value=due/>
<@layout.paragraph>${msg("releaseAskedKeep")}</@layout.paragraph>
<@layout.button href=link label=msg("releaseAskedButton")/>
<@layout.paragraph><strong>${msg("releaseAskedYou")}</strong><#if agencyPhone?has_content><br>${msg("phoneLabel")} ${agencyPhone}</#if><#if agencyEmail?has_content><br>${msg("emailLabel")} ${agencyEmail}</#if></@layout.paragraph>
</@layout.emailLayout>
